"""Fills one demo tenant through the services, in one unit of work: everything of it or nothing."""

from datetime import date
from uuid import UUID

from aftersales.assets import service as assets
from aftersales.assets.commands import ComponentDetails, RegisterAsset
from aftersales.calendars.service import SaveCalendar, save_calendar
from aftersales.contracts import service as contracts
from aftersales.contracts.commands import LineDetails, SignContract
from aftersales.parties import service as parties
from aftersales.parties import units
from aftersales.parties.commands import AddContact, AddSite, CreateCustomer, CreateServiceUnit
from aftersales.scope import TenantWork
from aftersales.work import engineers
from aftersales.work.commands import AddCertificate, CreateEngineer
from aftersales_server.demo.plans import CustomerPlan, TenantPlan

CONTRACT_START = date(2026, 1, 1)
CONTRACT_END = date(2028, 12, 31)
OFFICE_WINDOWS = [["08:30", "12:00"], ["13:30", "17:30"]]
WORKING_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday")


async def fill(uow: TenantWork, plan: TenantPlan) -> tuple[UUID, UUID]:
    """The tenant's units, engineers, customers, assets, contracts and office calendar.

    Gives the first customer and the unit of the dealer's member.
    """
    unit_ids = await _units(uow, plan)
    await _engineers(uow, plan, unit_ids)
    customer_ids = [await _customer(uow, plan, customer) for customer in plan.customers]
    await save_calendar(
        uow,
        SaveCalendar(
            code="office",
            name="办公时间",
            definition={
                "zone": "Asia/Shanghai",
                "weekly": dict.fromkeys(WORKING_DAYS, OFFICE_WINDOWS),
                "holidays": {"country": "CN"},
            },
        ),
    )
    return customer_ids[0], unit_ids[plan.dealer_unit]


async def _units(uow: TenantWork, plan: TenantPlan) -> dict[str, UUID]:
    found: dict[str, UUID] = {}
    for unit in plan.units:
        made = await units.create_service_unit(
            uow,
            CreateServiceUnit(
                code=unit.code,
                name=unit.name,
                kind=unit.kind,
                level=unit.level,
                parent_unit_id=found[unit.parent] if unit.parent else None,
                regions=unit.regions,
                hotline=unit.hotline,
                on_call=unit.on_call,
            ),
        )
        found[unit.code] = made.id
    return found


async def _engineers(uow: TenantWork, plan: TenantPlan, unit_ids: dict[str, UUID]) -> None:
    for engineer in plan.engineers:
        made = await engineers.create_engineer(
            uow,
            CreateEngineer(
                code=engineer.code,
                name=engineer.name,
                service_unit_id=unit_ids[engineer.unit],
                party="agent" if engineer.party == "agent" else "company",
                skills=engineer.skills,
                regions=engineer.regions,
            ),
        )
        for certificate, number, valid_until in engineer.certificates:
            await engineers.add_certificate(
                uow,
                AddCertificate(engineer_id=made.id, certificate=certificate, number=number, valid_until=valid_until),
            )


async def _customer(uow: TenantWork, plan: TenantPlan, customer: CustomerPlan) -> UUID:
    made = await parties.create_customer(
        uow,
        CreateCustomer(
            code=customer.code, name=customer.name, tier=customer.tier, region=customer.region, phone=customer.phone
        ),
    )
    for contact in customer.contacts:
        await parties.add_contact(
            uow,
            AddContact(
                customer_id=made.id,
                name=contact.name,
                phone=contact.phone,
                position=contact.position,
                may_authorise=contact.may_authorise,
            ),
        )
    site_ids = {
        name: (await parties.add_site(uow, AddSite(customer_id=made.id, name=name, address=address, region=region))).id
        for name, address, region in customer.sites
    }
    asset_ids: list[UUID] = []
    for asset in customer.assets:
        registered = await assets.register_asset(
            uow,
            RegisterAsset(
                name=asset.name,
                vertical=plan.vertical,
                asset_type=asset.type,
                customer_id=made.id,
                number=asset.number,
                site_id=site_ids[asset.site],
                serial=asset.serial,
                attributes=asset.attributes,
                components=tuple(ComponentDetails(component=code, serial=serial) for code, serial in asset.components),
                installed_on=asset.installed_on,
                usage=asset.usage,
            ),
        )
        asset_ids.append(registered.id)
    if customer.contract is not None:
        await contracts.sign_contract(
            uow,
            SignContract(
                title=plan.contract_title,
                vertical=plan.vertical,
                customer_id=made.id,
                starts_on=CONTRACT_START,
                number=customer.contract,
                ends_on=CONTRACT_END,
                fields=plan.contract_fields,
                lines=tuple(LineDetails(asset_id=asset_id) for asset_id in asset_ids),
            ),
        )
    return made.id
