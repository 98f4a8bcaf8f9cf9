using System.Diagnostics;
using System.Net.Http.Headers;
using System.Text.Json;
using Countersign.Conformance.Nodes;
using Countersign.Conformance.Schedules;
using Countersign.Conformance.Wiring;

namespace Countersign.Conformance.Servers;

/// <summary>One kind of server: how its process is started, and how it spells what every client says.</summary>
internal abstract class Server
{
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

    /// <summary>Tells a process where its data are, and what is different from the defaults.</summary>
    public abstract void Configure(ProcessStartInfo process, NodePlan plan);

    public abstract HttpRequestMessage Register(Uri node, Account account);

    public abstract HttpRequestMessage LogIn(Uri node, Account account);

    public abstract HttpRequestMessage Refresh(Uri node, string token);

    /// <summary>A request that only a logged in person may make.</summary>
    public abstract HttpRequestMessage Me(Uri node, string access);

    public abstract HttpRequestMessage LogOut(Uri node, Pair pair);

    public abstract HttpRequestMessage ChangePassword(Uri node, string access, Account account, string newPassword);

    /// <summary>Why something that a schedule needs is not there, for the report; null when it is.</summary>
    public virtual string? WhyNot(Needs need) => need.HasFlag(Needs.KeyRotation) && KeyRotation is null ? "it has no command that replaces the key of refresh tokens" : null;

    /// <summary>The command that puts another key in the place of the one that signs refresh tokens; null where there is none.</summary>
    public virtual IReadOnlyList<string>? KeyRotation => null;

    /// <summary>Whether a refresh writes to the database: for a server that keeps nothing of its tokens a kill point in a transaction has no meaning, for any other it must be met.</summary>
    public virtual bool RefreshWrites => true;

    /// <summary>The tokens in an answer; null where there are none.</summary>
    public Pair? ReadPair(string body)
    {
        if (!TryParse(body, out var document))
        {
            return null;
        }

        using (document)
        {
            return Text(document, AccessMember) is { } access && Text(document, RefreshMember) is { } refresh
                ? new Pair(access, refresh, TimeSpan.FromSeconds(document.RootElement.GetProperty(LifetimeMember).GetInt32()))
                : null;
        }
    }

    /// <summary>The code of a refusal; null where there is none.</summary>
    public string? ReadReason(string body)
    {
        if (!TryParse(body, out var document))
        {
            return null;
        }

        using (document)
        {
            return ReasonMembers.Select(member => Text(document, member)).FirstOrDefault(static reason => reason is not null);
        }
    }

    protected virtual string AccessMember => "access_token";

    protected virtual string RefreshMember => "refresh_token";

    protected virtual string LifetimeMember => "expires_in";

    protected virtual IReadOnlyList<string> ReasonMembers => ["code", "error_description", "error", "title"];

    protected static HttpRequestMessage Post(Uri node, string path, object body, string? access = null) =>
        Authorize(new HttpRequestMessage(HttpMethod.Post, new Uri(node, path)) { Content = new StringContent(JsonSerializer.Serialize(body), new MediaTypeHeaderValue("application/json", "utf-8")) }, access);

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

    private static bool TryParse(string body, out JsonDocument document)
    {
        try
        {
            document = JsonDocument.Parse(body);
            return document.RootElement.ValueKind == JsonValueKind.Object;
        }
        catch (JsonException)
        {
            document = null!;
            return false;
        }
    }

    private static string? Text(JsonDocument document, string member) =>
        document.RootElement.TryGetProperty(member, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
