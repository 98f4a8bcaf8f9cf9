namespace Countersign.Server.Tests.Fuzz;

/// <summary>Bytes that are not a request.</summary>
/// <param name="Class">What is wrong with them.</param>
/// <param name="Bytes">What is sent.</param>
/// <param name="IsUnfinished">Whether the client's side ends there: the server is not to wait for more.</param>
internal sealed record MalformedRequest(string Class, byte[] Bytes, bool IsUnfinished);
