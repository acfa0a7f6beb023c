import { Type } from 'typebox';

/** `page` and `per_page` of offset lists; `per_page` is at most 100 and 50 when absent. */
export const offsetPaging = {
  page: Type.Optional(
    Type.Integer({
      minimum: 0,
      maximum: 10_000_000,
      description: 'Page index of the results to return. First page is 0.',
    }),
  ),
  per_page: Type.Optional(
    Type.Integer({ minimum: 0, maximum: 100, description: 'Number of results per page. Defaults to 50.' }),
  ),
  include_totals: Type.Optional(
    Type.Boolean({ description: 'Return results inside an object that contains the total result count.' }),
  ),
};

/** `from` and `take` of checkpoint lists; when `take` is present the offset parameters are ignored. */
export const checkpointPaging = {
  from: Type.Optional(
    Type.String({
      maxLength: 1000,
      description: 'Optional id from which to start selection: the `next` of the answer before.',
    }),
  ),
  take: Type.Optional(
    Type.Integer({ minimum: 1, maximum: 100, description: 'Number of results per page. Defaults to 50.' }),
  ),
};

/** `fields` and `include_fields`: which root keys of each row come back. */
export const fieldSelection = {
  fields: Type.Optional(
    Type.String({
      maxLength: 4000,
      description: 'Comma-separated list of fields to include or exclude in the result. Leave empty for all.',
    }),
  ),
  include_fields: Type.Optional(
    Type.Boolean({ description: 'Whether the named fields are included (true) or excluded (false).' }),
  ),
};

export const defaultPageSize = 50;
