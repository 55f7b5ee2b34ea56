"""The same rules over everybody: snapshots, SQL for any engine, runs, simulations."""
