namespace Countersign.Bearer.Problems;

/// <summary>
/// The refusal of a request's credential, as a feature of the request. Where a policy names several schemes, all of them have refused before the first writes
/// the answer, and it writes that of the scheme which knows most of the token.
/// </summary>
/// <param name="Problem">What will be written.</param>
/// <param name="Origin">Whose the token is, as the scheme that refused it sees it.</param>
internal sealed record RefusedToken(Problem Problem, TokenOrigin Origin);
