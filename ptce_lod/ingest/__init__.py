"""Read a source folder and turn it into quads, one named graph per source snapshot."""
