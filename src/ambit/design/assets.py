"""Third-party front-end files, fetched by npm at build time and never committed."""

if __name__ == "__main__":
    pass
