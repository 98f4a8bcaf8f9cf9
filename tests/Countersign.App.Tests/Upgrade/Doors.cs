namespace Countersign.App.Tests.Upgrade;

/// <summary>Tries every way into the app, for one kind of user, at two nodes at once: what one node gives is used at the other.</summary>
internal sealed class Doors(Node first, Node second)
{
    private readonly Node[] _nodes = [first, second];

    /// <summary>The columns of a table.</summary>
    public static IReadOnlyList<string> Columns { get; } =
    [
        "`POST /login`", "its token", "its cookie", "`POST /refresh`", "`POST /api/v1/auth/login`", "its token", "`POST /api/v1/auth/refresh`",
    ];

    /// <summary>Tries them all.</summary>
    /// <returns>One cell for each column.</returns>
    public async Task<IReadOnlyList<string>> TryAsync(Person person, bool sendsCode)
    {
        var identity = await EachAsync(node => node.PostAsync("/login", person.IdentityLogin(sendsCode)));
        var cookies = await EachAsync(async node => identity.Any(static reply => reply.Status == 200)
            ? await node.PostAsync("/login?useCookies=true", person.IdentityLogin(sendsCode))
            : null);
        var ours = await EachAsync(node => node.PostAsync("/api/v1/auth/login", new { username = person.Email, password = person.Password }));
        return
        [
            Merge(identity),
            Merge(await UseAsync(identity, static reply => reply.Text("accessToken"), (node, token) => NotesAsync(person, node, token, null))),
            Merge(await UseAsync(cookies, static reply => reply.Cookie, (node, cookie) => NotesAsync(person, node, null, cookie))),
            Merge(await UseAsync(identity, static reply => reply.Text("refreshToken"), static (node, token) =>
                node.PostAsync("/refresh", new { refreshToken = token }))),
            Merge(ours),
            Merge(await UseAsync(ours, static reply => reply.Text("access_token"), (node, token) => NotesAsync(person, node, token, null))),
            Merge(await UseAsync(ours, static reply => reply.Text("refresh_token"), static (node, token) =>
                node.PostAsync("/api/v1/auth/refresh", new { refresh_token = token }))),
        ];
    }

    /// <summary>A route with <c>[Authorize]</c>. A person must see their own note and no other.</summary>
    private static async Task<Reply> NotesAsync(Person person, Node node, string? token, string? cookie)
    {
        var reply = await node.GetAsync("/notes", token, cookie);
        if (reply.Status == 200)
        {
            Assert.Equal($"[\"{person.Email}\"]", reply.Body.GetRawText());
        }

        return reply;
    }

    private async Task<T[]> EachAsync<T>(Func<Node, Task<T>> ask) => [await ask(_nodes[0]), await ask(_nodes[1])];

    /// <summary>At each node, what the other one has given; or what the node itself has given, if the other gives nothing.</summary>
    private async Task<Reply?[]> UseAsync(Reply?[] given, Func<Reply, string?> find, Func<Node, string, Task<Reply>> use)
    {
        var found = given.Select(reply => reply is null ? null : find(reply)).ToList();
        var used = new Reply?[2];
        for (var i = 0; i < 2; i++)
        {
            used[i] = (found[1 - i] ?? found[i]) is { } credential ? await use(_nodes[i], credential) : null;
        }

        return used;
    }

    private string Merge(Reply?[] replies)
    {
        var words = replies.Select(static reply => reply?.Outcome ?? "–").ToList();
        return words[0] == words[1] ? words[0] : $"{_nodes[0].Name}: {words[0]}; {_nodes[1].Name}: {words[1]}";
    }
}
