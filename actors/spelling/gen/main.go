// Command gen writes the graphs of words that package spelling embeds, from the
// dictionaries that package.json beside it names and the words in ru.dic, which
// are ours. The dictionaries must be installed:
//
//	npm ci --prefix gen --ignore-scripts
//
// The same dictionaries give the same bytes. Another folder for the graphs may
// be named.
package main

import (
	"log"
	"os"
	"path/filepath"

	"crafttalkd/actors/spelling"
)

func main() {
	to := "."
	if len(os.Args) > 1 {
		to = os.Args[1]
	}
	for _, language := range []string{"ru", "en"} {
		from := filepath.Join("gen", "node_modules", "dictionary-"+language)
		entries, err := expand(from, filepath.Join("gen", language+".dic"))
		if err != nil {
			log.Fatal(err)
		}
		write(filepath.Join(to, language+".words"), spelling.Build(entries))
		license, err := os.ReadFile(filepath.Join(from, "license"))
		if err != nil {
			log.Fatal(err)
		}
		write(filepath.Join(to, language+".license"), license)
	}
}

func write(name string, data []byte) {
	if err := os.WriteFile(name, data, 0o644); err != nil {
		log.Fatal(err)
	}
}
