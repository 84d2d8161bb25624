//! Objectives, constraints, acquisition and batches: what to do next.
