"""The command line: parse, call the libraries, render. Decides nothing itself."""
