//! External programs and tables behind the method contract.
