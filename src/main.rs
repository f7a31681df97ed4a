//! The `gramsetu` program.

use std::process::ExitCode;

/// A turn allocates some seventy times, and frees elsewhere than where it allocated.
#[global_allocator]
static ALLOCATOR: tikv_jemallocator::Jemalloc = tikv_jemallocator::Jemalloc;

fn main() -> ExitCode {
    gramsetu::commands::run()
}
