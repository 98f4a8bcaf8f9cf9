namespace MixedApp;

public sealed record CookieLogin(string Email, string Password);
