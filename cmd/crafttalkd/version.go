package main

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"

	"github.com/CycloneDX/cyclonedx-go"
	"github.com/urfave/cli/v3"
)

func versionCommand() *cli.Command {
	return &cli.Command{
		Name: "version", Usage: "print the version and what it was built of",
		Flags: []cli.Flag{&cli.BoolFlag{Name: "sbom", Usage: "list every module in the program as CycloneDX"}},
		Action: func(_ context.Context, c *cli.Command) error {
			info, ok := debug.ReadBuildInfo()
			if !c.Bool("sbom") {
				fmt.Fprintln(c.Root().Writer, "crafttalkd", version)
				if ok {
					fmt.Fprintln(c.Root().Writer, info.GoVersion, info.Main.Path)
				}
				return nil
			}
			if !ok {
				return errors.New("the program does not know what it was built of")
			}
			return cyclonedx.NewBOMEncoder(c.Root().Writer, cyclonedx.BOMFileFormatJSON).SetPretty(true).Encode(contents(info))
		},
	}
}

// contents are the modules in the program, as the linker wrote them into it.
func contents(info *debug.BuildInfo) *cyclonedx.BOM {
	module := func(path, version, sum string) cyclonedx.Component {
		c := cyclonedx.Component{BOMRef: path, Type: cyclonedx.ComponentTypeLibrary, Name: path, Version: version,
			PackageURL: "pkg:golang/" + path + "@" + version}
		if sum != "" {
			c.Properties = &[]cyclonedx.Property{{Name: "go.sum", Value: sum}}
		}
		return c
	}
	main := module(info.Main.Path, version, "")
	main.Type = cyclonedx.ComponentTypeApplication
	parts := []cyclonedx.Component{module("std", info.GoVersion, "")}
	for _, m := range info.Deps {
		if m.Replace != nil {
			m = m.Replace
		}
		parts = append(parts, module(m.Path, m.Version, m.Sum))
	}
	bom := cyclonedx.NewBOM()
	bom.Metadata = &cyclonedx.Metadata{Component: &main}
	bom.Components = &parts
	return bom
}
