//! The egress lock towards containers.
