namespace ExternalLogin;

public static class Welcome
{
    /// <summary>Where the provider's answer ends. The tokens come to the page in the body of an answer, and are in no address.</summary>
    public const string Page = """
        <!doctype html><html lang="en"><meta charset="utf-8"><title>Welcome</title><h1>Welcome</h1><p id="state">Logging in …</p>
        <script type="module">
          const answer = await fetch('/login/external/token', { method: 'POST' });
          const body = await answer.json();
          if (answer.ok) {
            const me = await fetch('/me', { headers: { authorization: `Bearer ${body.access_token}` } });
            document.getElementById('state').textContent = `Logged in as ${(await me.json()).id}`;
          } else {
            document.getElementById('state').textContent = `Refused: ${body.code}`;
          }
        </script></html>
        """;
}
