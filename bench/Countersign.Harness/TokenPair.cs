using System.Buffers.Text;
using System.Text;
using System.Text.Json;

namespace Countersign.Harness;

/// <summary>The tokens of a login or refresh. <see cref="ToString"/> shows no token.</summary>
public sealed class TokenPair
{
    public required string Access { get; init; }

    public required string Refresh { get; init; }

    /// <summary>How long the access token lives, as the server says.</summary>
    public TimeSpan AccessLifetime { get; init; }

    /// <summary>The generation of the refresh token if the server gives it, else 0. Of two answers a client keeps the one with the higher generation.</summary>
    public int Generation { get; init; }

    /// <summary>The session that a refresh token of this repository's server names.</summary>
    public Guid SessionId
    {
        get
        {
            using var claims = JsonDocument.Parse(Base64Url.DecodeFromUtf8(Encoding.ASCII.GetBytes(Refresh.Split('.')[1])));
            return Guid.Parse(claims.RootElement.GetProperty("sid").GetString()!);
        }
    }

    /// <summary>Reads the pair in an answer; null if there is none.</summary>
    public static TokenPair? TryRead(JsonElement answer, TokenMembers? members = null)
    {
        members ??= TokenMembers.OAuth;
        return answer.ValueKind == JsonValueKind.Object
            && answer.TryGetProperty(members.Access, out var access)
            && answer.TryGetProperty(members.Refresh, out var refresh)
            ? new TokenPair
            {
                Access = access.GetString()!,
                Refresh = refresh.GetString()!,
                AccessLifetime = TimeSpan.FromSeconds(answer.TryGetProperty(members.Lifetime, out var lifetime) ? lifetime.GetInt32() : 0),
                Generation = answer.TryGetProperty("refresh_generation", out var generation) ? generation.GetInt32() : 0,
            }
            : null;
    }

    public override string ToString() => $"a pair for {AccessLifetime}";
}
