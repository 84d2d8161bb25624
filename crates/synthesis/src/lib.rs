//! Can it be made: synthesizability scores.
