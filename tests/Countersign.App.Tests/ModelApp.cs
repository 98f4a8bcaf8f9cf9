using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Countersign.AspNetCore;
using Countersign.Passwords;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Countersign.App.Tests;

/// <summary>An app on Kestrel with a model and contexts of its own.</summary>
internal sealed class ModelApp<TUser> : IAsyncDisposable
    where TUser : class
{
    private const string Email = "ada@example.com";
    private const string Password = "A quiet harbour, 7 herons";

    private readonly WebApplication _app;
    private readonly Type[] _contexts;

    /// <param name="add">Registers the contexts and Countersign.</param>
    /// <param name="contexts">The contexts whose tables are made before the start.</param>
    public ModelApp(Action<IServiceCollection> add, params Type[] contexts)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseSetting("urls", "http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        builder.Environment.EnvironmentName = "Staging";
        add(builder.Services);
        builder.Services.Configure<CountersignOptions>(static options =>
        {
            options.MasterKey = Convert.ToBase64String(Enumerable.Range(1, 32).Select(static number => (byte)number).ToArray());
            options.Registration = Registration.Open;
        });
        builder.Services.PostConfigure<PasswordEngineOptions>(static options => options.Cost = 10);
        _contexts = contexts;
        _app = builder.Build();
        _app.MapCountersign();
        _app.MapGet("/name", async (CurrentUser<TUser> user, UserManager<TUser> users) =>
            $"{await users.GetUserNameAsync(user.Account)} {await users.GetEmailAsync(user.Account)}");
    }

    /// <summary>Makes the tables and starts the app.</summary>
    public async Task StartAsync()
    {
        foreach (var context in _contexts)
        {
            await using var scope = _app.Services.CreateAsyncScope();
            await ((DbContext)scope.ServiceProvider.GetRequiredService(context)).Database.EnsureCreatedAsync();
        }

        await _app.StartAsync(TestContext.Current.CancellationToken);
    }

    /// <summary>One life of an account: sign-up, login, a request, refresh, change of the password, logout; what was ended is refused.</summary>
    /// <param name="create">Makes the account in the place of the sign-up; null for the sign-up.</param>
    public async Task LiveAsync(Func<IServiceProvider, TUser>? create = null)
    {
        using var client = new HttpClient { BaseAddress = new Uri(_app.Urls.Single()) };
        if (create is null)
        {
            await SendAsync(client, "auth/register", new { email = Email, password = Password }, HttpStatusCode.Created);
        }
        else
        {
            await using var scope = _app.Services.CreateAsyncScope();
            var users = scope.ServiceProvider.GetRequiredService<UserManager<TUser>>();
            var user = create(scope.ServiceProvider);
            await users.SetUserNameAsync(user, Email);
            await ((IUserEmailStore<TUser>)scope.ServiceProvider.GetRequiredService<IUserStore<TUser>>()).SetEmailAsync(user, Email, default);
            Assert.True((await users.CreateAsync(user, Password)).Succeeded);
        }

        var login = await SendAsync(client, "auth/login", new { username = Email, password = Password }, HttpStatusCode.OK);
        Use(client, login);
        Assert.Equal($"{Email} {Email}", await client.GetStringAsync("/name", TestContext.Current.CancellationToken));

        var refreshed = await SendAsync(client, "auth/refresh", new { refresh_token = login.GetProperty("refresh_token").GetString() }, HttpStatusCode.OK);
        Use(client, refreshed);
        await SendAsync(
            client,
            "auth/change-password",
            new { current_password = Password, new_password = Password + " again" },
            HttpStatusCode.OK,
            HttpStatusCode.NoContent);
        var again = await SendAsync(client, "auth/login", new { username = Email, password = Password + " again" }, HttpStatusCode.OK);
        Use(client, again);
        Assert.Equal($"{Email} {Email}", await client.GetStringAsync("/name", TestContext.Current.CancellationToken));
        await SendAsync(client, "auth/logout", new { }, HttpStatusCode.NoContent);
        using var ended = await client.GetAsync("/name", TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.Unauthorized, ended.StatusCode);
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private static void Use(HttpClient client, JsonElement tokens) =>
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", tokens.GetProperty("access_token").GetString());

    private static async Task<JsonElement> SendAsync(HttpClient client, string path, object body, params HttpStatusCode[] expected)
    {
        using var response = await client.PostAsJsonAsync($"/api/v1/{path}", body, TestContext.Current.CancellationToken);
        var text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.True(expected.Contains(response.StatusCode), $"{path}: {response.StatusCode} {text}");
        return text.Length == 0 ? default : JsonDocument.Parse(text).RootElement;
    }
}
