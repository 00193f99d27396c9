package fetcher

import (
	"context"

	"github.com/gabriel-vasile/mimetype"

	"crafttalkd/actors/refusal"
)

// largestPicture is how many bytes the picture of a person may have.
const largestPicture = 1 << 20

// Picture brings the picture of a customer to the customer's files, once, and
// returns its hash. The source is like that of an attachment. A refusal is
// final; any other error is worth another try.
func (f *Fetcher) Picture(ctx context.Context, account, customer, source string) (hash string, err error) {
	b, _, err := f.download(ctx, want{customer, min(largestPicture, f.Largest), portrait}, account, source)
	return b.Hash, err
}

// portrait refuses what is no picture by its bytes. One that may hold a script is
// none.
func portrait(kind *mimetype.MIME) error {
	for _, media := range [...]string{"image/jpeg", "image/png", "image/webp", "image/gif"} {
		if kind.Is(media) {
			return nil
		}
	}
	return refusal.New(refusal.Invalid, "the file is no picture")
}
