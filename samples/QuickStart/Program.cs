using Countersign.AspNetCore;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Identity.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore;

var builder = WebApplication.CreateBuilder(args);
builder.Services.AddDbContext<AppDbContext>(o => o.UseSqlite(builder.Configuration.GetConnectionString("App") ?? "Data Source=app.db"));
builder.Services.Configure<IdentityOptions>(o => o.UseCountersignDefaults());   // long passwords, not complicated ones
builder.Services.AddCountersign<AppUser, AppDbContext>(o => o.Registration = Registration.Open);

var app = builder.Build();
using (var scope = app.Services.CreateScope())
{
    scope.ServiceProvider.GetRequiredService<AppDbContext>().Database.EnsureCreated();   // an app in production has migrations
}

app.MapCountersign();
app.MapGet("/todos", (CurrentUser<AppUser> user) => $"Nothing to do, {user.Account.Email}");   // the parameter requires the login
app.Run();

class AppUser : IdentityUser;

class AppDbContext(DbContextOptions<AppDbContext> options) : IdentityDbContext<AppUser>(options)
{
    protected override void OnModelCreating(ModelBuilder builder)
    {
        base.OnModelCreating(builder);
        builder.UseCountersign();
    }
}
