//! Departments made of sand: realistic, deterministic data over HTTP or in-process, which can be told to misbehave.
