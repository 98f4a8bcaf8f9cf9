namespace Countersign.Server.Tests.Matrix;

/// <summary>What a client's tokens say, read without checking.</summary>
internal static class ClientTokens
{
    /// <summary>The session of a client.</summary>
    public static string SessionId(this ApiClient client) =>
        System.Text.Json.JsonElement.Parse(System.Buffers.Text.Base64Url.DecodeFromUtf8(System.Text.Encoding.ASCII.GetBytes(client.AccessToken.Split('.')[1])))
            .GetProperty("sid").GetString()!;
}
