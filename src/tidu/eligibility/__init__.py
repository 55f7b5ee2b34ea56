"""What an enterprise may have: assessments, standings, plans, what-if."""
