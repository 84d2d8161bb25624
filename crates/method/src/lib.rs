//! The contract of a method: calculation, failure, cost; recipes that compose calculations.
