namespace ExternalLogin;

public static class Pages
{
    /// <summary>Where the provider's answer ends. The tokens come to the page in the body of an answer, and are in no address.</summary>
    public const string Welcome = """
        <!doctype html><html lang="en"><meta charset="utf-8"><title>Welcome</title><h1>Welcome</h1><p id="state">Logging in …</p>
        <script type="module">
          const answer = await fetch('/login/external/token', { method: 'POST' });
          const body = await answer.json();
          if (answer.ok) {
            sessionStorage.setItem('access_token', body.access_token);   // docs/browser-apps.md says where an app keeps tokens
            const me = await fetch('/me', { headers: { authorization: `Bearer ${body.access_token}` } });
            document.getElementById('state').textContent = `Logged in as ${(await me.json()).id}`;
          } else {
            document.getElementById('state').textContent = `Refused: ${body.code}`;
          }
        </script></html>
        """;

    /// <summary>Where the provider's answer ends for a user who is logged in and links the provider to the account.</summary>
    public const string Linked = """
        <!doctype html><html lang="en"><meta charset="utf-8"><title>Link</title><h1>Link</h1><p id="state">Linking …</p>
        <script type="module">
          const authorization = `Bearer ${sessionStorage.getItem('access_token')}`;
          const answer = await fetch('/users/me/logins', { method: 'POST', headers: { authorization } });
          document.getElementById('state').textContent = answer.ok ? 'Linked' : `Refused: ${(await answer.json()).code}`;
        </script></html>
        """;
}
