"""What contradicts what: inside a report, across years, between prose and tables."""
