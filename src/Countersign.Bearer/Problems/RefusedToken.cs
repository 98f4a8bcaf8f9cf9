namespace Countersign.Bearer.Problems;

/// <summary>
/// The refusal of a request's credential, as a feature of the request. If a policy names several schemes, all of them have refused before the first one writes
/// the answer. It writes the answer of the scheme that knows most about the token.
/// </summary>
/// <param name="Problem">The problem that is written.</param>
/// <param name="Origin">The origin of the token, as the scheme that refused it sees it.</param>
internal sealed record RefusedToken(Problem Problem, TokenOrigin Origin);
