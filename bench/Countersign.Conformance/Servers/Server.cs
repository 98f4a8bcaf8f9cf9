using System.Net.Http.Headers;
using System.Text.Json;
using Countersign.Conformance.Clients;
using Countersign.Conformance.Nodes;
using Countersign.Conformance.Schedules;
using Countersign.Harness;

namespace Countersign.Conformance.Servers;

/// <summary>One kind of server: how its process is started, and how its requests are written.</summary>
internal abstract class Server
{
    private static readonly MediaTypeHeaderValue Json = new("application/json", "utf-8");

    /// <summary>The name on the command line.</summary>
    public abstract string Name { get; }

    public abstract string Title { get; }

    /// <summary>The versions of its packages.</summary>
    public abstract IReadOnlyList<string> Versions { get; }

    /// <summary>Its configuration for the report, one sentence for each setting.</summary>
    public abstract IReadOnlyList<string> Configuration { get; }

    /// <summary>The assembly to start.</summary>
    public abstract string Assembly { get; }

    public abstract string ReadyPath { get; }

    /// <summary>Environment variables with the place of its data and the settings that differ from the defaults.</summary>
    public abstract IReadOnlyDictionary<string, string> Settings(NodePlan plan);

    public abstract HttpRequestMessage Register(Uri node, Account account);

    public abstract HttpRequestMessage LogIn(Uri node, Account account);

    public abstract HttpRequestMessage Refresh(Uri node, string token);

    /// <summary>A request that requires a login.</summary>
    public abstract HttpRequestMessage Me(Uri node, string access);

    public abstract HttpRequestMessage LogOut(Uri node, TokenPair pair);

    public abstract HttpRequestMessage ChangePassword(Uri node, string access, Account account, string newPassword);

    /// <summary>Why the server lacks something that a schedule needs, for the report; null if it lacks nothing.</summary>
    public virtual string? WhyNot(Needs need) =>
        need.HasFlag(Needs.KeyRotation) && KeyRotation is null ? "it has no command that replaces the key of refresh tokens" : null;

    /// <summary>The command that replaces the key that signs refresh tokens; null if there is none.</summary>
    public virtual IReadOnlyList<string>? KeyRotation => null;

    /// <summary>
    /// Whether a refresh writes to the database. If a server stores no tokens, a kill point in a transaction does not apply to it; every other server must
    /// reach the point.
    /// </summary>
    public virtual bool RefreshWrites => true;

    /// <summary>The names of the tokens in an answer.</summary>
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

    protected static HttpRequestMessage Get(Uri node, string path, string access) =>
        Authorize(new HttpRequestMessage(HttpMethod.Get, new Uri(node, path)), access);

    private static HttpRequestMessage Authorize(HttpRequestMessage request, string? access)
    {
        if (access is not null)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", access);
        }

        return request;
    }
}
