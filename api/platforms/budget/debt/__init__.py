"""Government debt 政府债务: limit against balance by year, and what does not add up. Read only."""
