/** What a refusal says, of calls whose bodies are no JSON. */
export async function readMessage(answer: Response): Promise<string> {
  const text = await answer.text();
  try {
    const message: unknown = Reflect.get(Object(JSON.parse(text)), 'message');
    return typeof message === 'string' ? message : text;
  } catch {
    return text;
  }
}
