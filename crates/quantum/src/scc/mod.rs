//! scc/mod
