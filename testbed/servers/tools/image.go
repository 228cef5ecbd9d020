package main

import (
	"archive/tar"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path"
	"runtime"
	"strings"
)

// layer is the one layer of an image. Times and owners are left at zero, so equal content is an equal image.
type layer struct {
	archive *tar.Writer
	folders map[string]bool
}

// writeImage writes an image as the tar file that `docker save` would write and `ctr images import` reads.
// Each further argument puts something into it: /path=file, /path=->link-target, or /path=text:words.
func writeImage(arguments []string) error {
	flags := flag.NewFlagSet("image", flag.ExitOnError)
	out := flags.String("out", "", "tar file to write")
	name := flags.String("name", "", "name:tag of the image")
	command := flags.String("command", "", "the command, words separated by spaces")
	if err := flags.Parse(arguments); err != nil {
		return err
	}
	var content bytes.Buffer
	one := layer{tar.NewWriter(&content), map[string]bool{"/": true}}
	if err := one.addFolder("/tmp", 0o1777); err != nil {
		return err
	}
	for _, argument := range flags.Args() {
		target, source, found := strings.Cut(argument, "=")
		if !found {
			return fmt.Errorf("%q is not /path=source", argument)
		}
		if err := one.add(target, source); err != nil {
			return err
		}
	}
	if err := one.archive.Close(); err != nil {
		return err
	}
	return writeArchive(*out, *name, strings.Fields(*command), content.Bytes())
}

func (l *layer) add(target, source string) error {
	if err := l.addFolder(path.Dir(target), 0o755); err != nil {
		return err
	}
	if link, found := strings.CutPrefix(source, "->"); found {
		return l.archive.WriteHeader(&tar.Header{
			Typeflag: tar.TypeSymlink, Name: target[1:], Linkname: link, Mode: 0o777})
	}
	if text, found := strings.CutPrefix(source, "text:"); found {
		return l.addFile(target, []byte(text+"\n"), 0o644)
	}
	content, err := os.ReadFile(source)
	if err != nil {
		return err
	}
	return l.addFile(target, content, 0o755)
}

func (l *layer) addFolder(folder string, mode int64) error {
	if l.folders[folder] {
		return nil
	}
	if err := l.addFolder(path.Dir(folder), 0o755); err != nil {
		return err
	}
	l.folders[folder] = true
	return l.archive.WriteHeader(&tar.Header{Typeflag: tar.TypeDir, Name: folder[1:] + "/", Mode: mode})
}

func (l *layer) addFile(target string, content []byte, mode int64) error {
	header := &tar.Header{Typeflag: tar.TypeReg, Name: target[1:], Mode: mode, Size: int64(len(content))}
	if err := l.archive.WriteHeader(header); err != nil {
		return err
	}
	_, err := l.archive.Write(content)
	return err
}

func writeArchive(out, name string, command []string, content []byte) error {
	config, err := json.Marshal(map[string]any{
		"architecture": runtime.GOARCH,
		"os":           "linux",
		"config":       map[string]any{"Cmd": command, "Env": []string{"PATH=/bin"}, "WorkingDir": "/"},
		"rootfs":       map[string]any{"type": "layers", "diff_ids": []string{"sha256:" + digest(content)}},
	})
	if err != nil {
		return err
	}
	manifest, err := json.Marshal([]any{map[string]any{
		"Config":   digest(config) + ".json",
		"RepoTags": []string{name},
		"Layers":   []string{digest(content) + ".tar"},
	}})
	if err != nil {
		return err
	}
	var image bytes.Buffer
	whole := layer{tar.NewWriter(&image), nil}
	for _, file := range []struct {
		name    string
		content []byte
	}{{digest(config) + ".json", config}, {digest(content) + ".tar", content}, {"manifest.json", manifest}} {
		if err := whole.addFile("/"+file.name, file.content, 0o644); err != nil {
			return err
		}
	}
	if err := whole.archive.Close(); err != nil {
		return err
	}
	return os.WriteFile(out, image.Bytes(), 0o644)
}

func digest(content []byte) string {
	sum := sha256.Sum256(content)
	return hex.EncodeToString(sum[:])
}
