//! Files and call records in.
