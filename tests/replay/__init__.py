"""Real chat replayed: recorded lines spoken by many connections while real clients watch."""
