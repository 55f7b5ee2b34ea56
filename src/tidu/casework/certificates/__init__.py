"""Certificates that cannot be forged unnoticed: number, paper, signature, check."""
