"""Who acts: people, organisations, roles, territory scope, sign-in."""
