//! Surrogates with calibrated uncertainty.
