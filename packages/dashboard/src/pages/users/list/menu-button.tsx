import type { ComponentProps } from 'react';

/** The three dots behind which a row's actions are. */
export function MenuButton({
  label,
  className = '',
  ...props
}: { readonly label: string } & Omit<ComponentProps<'button'>, 'children'>) {
  return (
    // A menu that opens from it has a class of its own for it.
    <button
      type="button"
      className={`row-menu mantine-focus-auto ${className}`}
      aria-label={label}
      {...props}
    >
      ⋯
    </button>
  );
}
