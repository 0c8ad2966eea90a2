-- Documents of the organizations that a user is a member of.
select documents.title
from documents
join organization_memberships.memberships m using (organization_id)
where m.user_id = 'user_ada' and m.membership is not null;

-- Members by organization and role.
select organization_id, role, count(*)
from organization_memberships.memberships
where membership is not null
group by organization_id, role;

-- Who joined this month.
select user_id, identifier, to_timestamp(created_at / 1000.0) as joined
from organization_memberships.memberships
where created_at >= extract(epoch from date_trunc('month', now())) * 1000;
