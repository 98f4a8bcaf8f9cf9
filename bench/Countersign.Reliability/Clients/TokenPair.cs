using System.Buffers.Text;
using System.Text;
using System.Text.Json;

namespace Countersign.Reliability.Clients;

/// <summary>What a client's store holds.</summary>
internal sealed class TokenPair
{
    public required string Access { get; init; }

    public required string Refresh { get; init; }

    /// <summary>A client that is handed two answers keeps the higher one.</summary>
    public required int Generation { get; init; }

    /// <summary>The session that the refresh token names.</summary>
    public Guid SessionId
    {
        get
        {
            using var claims = JsonDocument.Parse(Base64Url.DecodeFromUtf8(Encoding.ASCII.GetBytes(Refresh.Split('.')[1])));
            return Guid.Parse(claims.RootElement.GetProperty("sid").GetString()!);
        }
    }

    public static TokenPair Read(byte[] body)
    {
        using var document = JsonDocument.Parse(body);
        var root = document.RootElement;
        return new TokenPair
        {
            Access = root.GetProperty("access_token").GetString()!,
            Refresh = root.GetProperty("refresh_token").GetString()!,
            Generation = root.GetProperty("refresh_generation").GetInt32(),
        };
    }
}
