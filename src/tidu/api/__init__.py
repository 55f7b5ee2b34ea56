"""JSON and OpenAPI over the same actions and queries."""
