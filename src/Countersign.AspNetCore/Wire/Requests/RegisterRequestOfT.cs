namespace Countersign.AspNetCore.Wire.Requests;

/// <summary>
/// Stands for a sign-up with fields of the app in a description of the app. <see cref="SignUpTypeResolver"/> gives it the members of both. No instance is made.
/// </summary>
internal sealed class RegisterRequest<TFields>
    where TFields : class;
