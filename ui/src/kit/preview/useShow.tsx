/** Makes something of the bytes, and says if it could not be made. */
import { useEffect, useState, type ReactNode } from 'react';
import { useText } from '../../i18n';
import { Failure } from '../Failure';
import { Lines } from '../Late';

/** The answer of `make`, or what to show until it is there. `make` must be stable. */
export function useMade<T>(data: Blob, make: (data: Blob) => Promise<T>): [T, null] | [null, ReactNode] {
  const { t } = useText();
  const [made, setMade] = useState<T | null>(null);
  const [broken, setBroken] = useState(false);
  useEffect(() => {
    let gone = false;
    make(data).then(
      (m) => gone || setMade(m),
      () => gone || setBroken(true),
    );
    return () => {
      gone = true;
    };
  }, [data, make]);
  if (broken) return [null, <Failure key="broken" problem={{ detail: t('kit.preview.broken') }} />];
  return made === null ? [null, <Lines key="wait" rows={8} />] : [made, null];
}
