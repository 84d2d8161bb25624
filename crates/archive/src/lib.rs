//! The durable store of structures, calculations, charges, decisions and events.
