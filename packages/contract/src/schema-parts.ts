import { type TSchema, Type } from 'typebox';

/** Shorthands of the resource schemas: these four stand on nearly every line there. */
export const optional = <S extends TSchema>(schema: S) => Type.Optional(schema);
export const nullable = <S extends TSchema>(schema: S) => Type.Union([schema, Type.Null()]);

/** A text out of a list; as an `enum`, so that errors can name the value that was sent. */
export const oneOf = <const T extends readonly string[]>(values: T, description?: string) =>
  Type.Unsafe<T[number]>({ type: 'string', enum: [...values], ...(description ? { description } : {}) });

export const closed = { additionalProperties: false } as const;
export const open = { additionalProperties: true } as const;

/** Credentials per day and hour that a client or an organization may be given. */
export const tokenQuota = (options: { readonly additionalProperties: boolean }) =>
  Type.Object(
    {
      client_credentials: Type.Object(
        {
          enforce: optional(Type.Boolean()),
          per_day: optional(Type.Integer({ minimum: 1, maximum: 2_147_483_647 })),
          per_hour: optional(Type.Integer({ minimum: 1, maximum: 2_147_483_647 })),
        },
        { ...closed, minProperties: 1 },
      ),
    },
    options,
  );
