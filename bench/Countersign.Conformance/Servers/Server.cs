using System.Net.Http.Headers;
using System.Text.Json;
using Countersign.Conformance.Clients;
using Countersign.Conformance.Nodes;
using Countersign.Conformance.Schedules;
using Countersign.Harness;

namespace Countersign.Conformance.Servers;

/// <summary>One kind of server: how its process is started, and how it spells what every client says.</summary>
internal abstract class Server
{
    private static readonly MediaTypeHeaderValue Json = new("application/json", "utf-8");

    /// <summary>The word of the command line.</summary>
    public abstract string Name { get; }

    public abstract string Title { get; }

    /// <summary>The versions of what it is made of.</summary>
    public abstract IReadOnlyList<string> Versions { get; }

    /// <summary>How it is configured, a sentence each, for the report.</summary>
    public abstract IReadOnlyList<string> Configuration { get; }

    /// <summary>The assembly that is started.</summary>
    public abstract string Assembly { get; }

    public abstract string ReadyPath { get; }

    /// <summary>Where its data are, and what is different from the defaults, as variables of the environment.</summary>
    public abstract IReadOnlyDictionary<string, string> Settings(NodePlan plan);

    public abstract HttpRequestMessage Register(Uri node, Account account);

    public abstract HttpRequestMessage LogIn(Uri node, Account account);

    public abstract HttpRequestMessage Refresh(Uri node, string token);

    /// <summary>A request that only a logged in person may make.</summary>
    public abstract HttpRequestMessage Me(Uri node, string access);

    public abstract HttpRequestMessage LogOut(Uri node, TokenPair pair);

    public abstract HttpRequestMessage ChangePassword(Uri node, string access, Account account, string newPassword);

    /// <summary>Why something that a schedule needs is not there, for the report; null when it is.</summary>
    public virtual string? WhyNot(Needs need) => need.HasFlag(Needs.KeyRotation) && KeyRotation is null ? "it has no command that replaces the key of refresh tokens" : null;

    /// <summary>The command that puts another key in the place of the one that signs refresh tokens; null where there is none.</summary>
    public virtual IReadOnlyList<string>? KeyRotation => null;

    /// <summary>Whether a refresh writes to the database: for a server that keeps nothing of its tokens a kill point in a transaction has no meaning, for any other it must be met.</summary>
    public virtual bool RefreshWrites => true;

    /// <summary>How it names the tokens of an answer.</summary>
    public virtual TokenMembers Members => TokenMembers.OAuth;

    protected static HttpRequestMessage Post(Uri node, string path, object body, string? access = null) =>
        Authorize(new HttpRequestMessage(HttpMethod.Post, new Uri(node, path)) { Content = new StringContent(JsonSerializer.Serialize(body), Json) }, access);

    protected static HttpRequestMessage Form(Uri node, string path, params ReadOnlySpan<(string Name, string Value)> fields)
    {
        var pairs = new List<KeyValuePair<string, string>>();
        foreach (var (name, value) in fields)
        {
            pairs.Add(new(name, value));
        }

        return new HttpRequestMessage(HttpMethod.Post, new Uri(node, path)) { Content = new FormUrlEncodedContent(pairs) };
    }

    protected static HttpRequestMessage Get(Uri node, string path, string access) => Authorize(new HttpRequestMessage(HttpMethod.Get, new Uri(node, path)), access);

    private static HttpRequestMessage Authorize(HttpRequestMessage request, string? access)
    {
        if (access is not null)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", access);
        }

        return request;
    }
}
