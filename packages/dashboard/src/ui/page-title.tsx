import { useEffect } from 'react';

const shown: { place?: string | undefined; name?: string | undefined } = {};

function write(change: typeof shown): void {
  Object.assign(shown, change);
  document.title = [shown.name, shown.place, 'Muster'].filter((part) => part !== undefined).join(' · ');
}

/** Where one is, in the title of the browser's tab. */
export function usePlaceTitle(place: string | undefined): void {
  useEffect(() => write({ place }), [place]);
}

/** What the page is about, before where it is: tabs and bookmarks of several users are told apart by it. */
export function NameTitle({ name }: { readonly name: string | undefined }) {
  useEffect(() => {
    write({ name });
    return () => write({ name: undefined });
  }, [name]);
  return null;
}
