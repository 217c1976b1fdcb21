"""The database: answers, conversations, feedback. SQLAlchemy on SQLite or PostgreSQL."""
