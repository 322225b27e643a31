"""What goes onto paper and into files: the one side, its PDF, and summaries for a day without the system."""
