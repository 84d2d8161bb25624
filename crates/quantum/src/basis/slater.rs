//! basis/slater
