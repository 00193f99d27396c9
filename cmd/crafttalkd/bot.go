package main

import (
	"context"
	"encoding/json"
	"path/filepath"
	"runtime"

	"github.com/urfave/cli/v3"

	"crafttalkd/cmd/crafttalkd/boteval"
)

func botCommand() *cli.Command {
	return &cli.Command{
		Name: "bot", Usage: "what concerns the bot's model",
		Commands: []*cli.Command{{
			Name: "eval", Usage: "measure the model on phrases whose articles are known",
			Description: "A folder has train.tsv and valid.tsv: a phrase, a tab, and its label on each line. Phrases with the label oos, and those of\n" +
				"oos_train.tsv and *oos_valid.tsv, have no article. A model is trained on the first and asked about the others.",
			Flags: []cli.Flag{
				&cli.StringFlag{Name: "data", Required: true, Usage: "`DIR` with the phrases", Sources: cli.EnvVars("CRAFTTALK_DATA")},
				&cli.StringFlag{Name: "train", Usage: "learn from `FILE` instead of train.tsv"},
				&cli.StringFlag{Name: "test", Usage: "ask about `FILE` instead of valid.tsv"},
				&cli.StringFlag{Name: "oos", Usage: "`FILE` of phrases that no article answers"},
				&cli.BoolFlag{Name: "titles", Usage: "learn the words of the labels as titles of their articles"},
				&cli.IntFlag{Name: "folds", Usage: "ask in `N` parts, each after learning from the others too"},
				&cli.Uint64Flag{Name: "seed", Value: 1, Usage: "of everything that is drawn"},
				&cli.BoolFlag{Name: "json", Usage: "end with one line of JSON"},
			},
			Action: evalAction,
		}},
	}
}

func evalAction(ctx context.Context, c *cli.Command) error {
	dir := c.String("data")
	f, err := boteval.Run(ctx, boteval.Options{Dir: dir, Train: c.String("train"), Test: c.String("test"), OOS: c.String("oos"), Titles: c.Bool("titles"),
		Folds: c.Int("folds"), Seed: c.Uint64("seed"), Cores: runtime.GOMAXPROCS(0)})
	if err != nil {
		return err
	}
	if err := f.WriteTable(c.Root().Writer, filepath.Base(dir)); err != nil || !c.Bool("json") {
		return err
	}
	return json.NewEncoder(c.Root().Writer).Encode(f)
}
